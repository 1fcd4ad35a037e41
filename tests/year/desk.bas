REM What a person does at the desk with a workbook that came by e-mail, one order a line:
REM OPEN path / NAME who / SORT header / TYPE decision ref, header, text / COLUMN header, text /
REM FILTER header, value / SAVE path. The environment names the files of orders and of the report,
REM which tells what could not be done; its last line is END.

Private doc As Object
Private sheet As Object
Private top As Long
Private last As Long
Private width As Long

Sub Work
  Dim inFile As Integer, outFile As Integer, order As String, part
  outFile = FreeFile
  Open Environ("DESK_REPORT") For Output As #outFile
  On Error Goto Failed
  inFile = FreeFile
  Open Environ("DESK_ORDERS") For Input As #inFile
  Do While Not EOF(inFile)
    Line Input #inFile, order
    part = Split(order, Chr(9))
    Select Case part(0)
      Case "OPEN" : OpenBook(part(1))
      Case "NAME" : WriteName(part(1))
      Case "SORT" : SortBy(part(1))
      Case "TYPE" : If Not TypeInto(part(1), part(2), part(3)) Then Print #outFile, "NOT FOUND " & order
      Case "COLUMN" : AddColumn(part(1), part(2))
      Case "FILTER" : ShowOnly(part(1), part(2))
      Case "SAVE" : SaveBook(part(1))
    End Select
  Loop
  Close #inFile
  Print #outFile, "END"
  Close #outFile
  StarDesktop.terminate()
  Exit Sub
Failed:
  Print #outFile, "FAILED " & order & ": " & Error$
  Close #outFile
  StarDesktop.terminate()
End Sub

Sub OpenBook(path As String)
  Dim how(0) As New com.sun.star.beans.PropertyValue, cursor As Object, r As Long
  how(0).Name = "Hidden" : how(0).Value = True
  doc = StarDesktop.loadComponentFromURL(ConvertToURL(path), "_blank", 0, how())
  sheet = doc.Sheets.getByName("Decisions")
  cursor = sheet.createCursor()
  cursor.gotoEndOfUsedArea(False)
  last = cursor.RangeAddress.EndRow
  width = cursor.RangeAddress.EndColumn
  For r = 0 To 30
    If sheet.getCellByPosition(0, r).String = "Decision ref" Then top = r
  Next r
End Sub

Function ColumnOf(header As String) As Long
  Dim c As Long
  ColumnOf = -1
  For c = 0 To width
    If sheet.getCellByPosition(c, top).String = header Then ColumnOf = c
  Next c
End Function

Sub WriteName(who As String)
  Dim about As Object, r As Long
  about = doc.Sheets.getByName("About this workbook")
  For r = 0 To 30
    If about.getCellByPosition(0, r).String = "Your name" Then
      about.getCellByPosition(1, r).String = who
    End If
  Next r
End Sub

Sub SortBy(header As String)
  Dim fields(0) As New com.sun.star.table.TableSortField
  Dim how(1) As New com.sun.star.beans.PropertyValue
  fields(0).Field = ColumnOf(header)
  fields(0).IsAscending = False
  how(0).Name = "SortFields" : how(0).Value = fields()
  how(1).Name = "ContainsHeader" : how(1).Value = True
  sheet.getCellRangeByPosition(0, top, width, last).sort(how())
End Sub

Function TypeInto(ref As String, header As String, text As String) As Boolean
  Dim keys, r As Long, c As Long, k As Long
  c = ColumnOf(header)
  k = ColumnOf("Decision ref")
  keys = sheet.getCellRangeByPosition(k, top, k, last).getDataArray()
  TypeInto = False
  If c < 0 Then Exit Function
  For r = 1 To UBound(keys)
    If keys(r)(0) = ref Then
      sheet.getCellByPosition(c, top + r).FormulaLocal = text
      TypeInto = True
      Exit Function
    End If
  Next r
End Function

Sub AddColumn(header As String, text As String)
  sheet.Columns.insertByIndex(2, 1)
  width = width + 1
  sheet.getCellByPosition(2, top).String = header
  sheet.getCellByPosition(2, top + 1).String = text
End Sub

Sub ShowOnly(header As String, value As String)
  Dim area As Object, how As Object
  Dim fields(0) As New com.sun.star.sheet.TableFilterField
  area = sheet.getCellRangeByPosition(0, top, width, last)
  how = area.createFilterDescriptor(True)
  fields(0).Field = ColumnOf(header)
  fields(0).IsNumeric = False
  fields(0).StringValue = value
  fields(0).Operator = com.sun.star.sheet.FilterOperator.EQUAL
  how.ContainsHeader = True
  how.setFilterFields(fields())
  area.filter(how)
End Sub

Sub SaveBook(path As String)
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName" : how(0).Value = "Calc MS Excel 2007 XML"
  doc.storeToURL(ConvertToURL(path), how())
  doc.close(True)
End Sub
